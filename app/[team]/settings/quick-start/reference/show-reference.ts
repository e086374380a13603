import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle";

/** The parts of Swagger UI's plugin API that are used here; it has its own copy of React. */
type System = {
  React: { createElement(type: unknown, props?: object): unknown };
};
type Layout = { getComponent(name: string, withContainer: boolean): unknown };

const endpointsBy =
  ({ React }: System) =>
  ({ getComponent }: Layout) =>
    React.createElement(getComponent("operations", true));

/** Hides everything but the endpoints: title, sign-in and server selection. */
const justEndpoints = (system: System) => ({
  components: { JustEndpoints: endpointsBy(system), authorizeOperationBtn: () => null },
});

/** Renders an OpenAPI document read-only: nothing can be sent from it, and nothing is loaded from other servers. */
export function showReference(container: HTMLElement, spec: object): void {
  SwaggerUI({
    spec,
    domNode: container,
    layout: "JustEndpoints",
    plugins: [justEndpoints],
    supportedSubmitMethods: [],
    // Highlighting has its own colors, and the validator is a third-party server.
    syntaxHighlight: false,
    validatorUrl: null,
    defaultModelsExpandDepth: -1,
  });
}
