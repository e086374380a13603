import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle";

/** What Swagger UI hands to its plugins, as far as it is used here: React is its own copy. */
type System = {
  React: { createElement(type: unknown, props?: object): unknown };
};
type Layout = { getComponent(name: string, withContainer: boolean): unknown };

const endpointsBy =
  ({ React }: System) =>
  ({ getComponent }: Layout) =>
    React.createElement(getComponent("operations", true));

/** The endpoints and nothing around them: the console has a title, a place for signing in and one address. */
const justEndpoints = (system: System) => ({
  components: { JustEndpoints: endpointsBy(system), authorizeOperationBtn: () => null },
});

/** Renders an OpenAPI document for reading: nothing can be sent from it, and nothing is loaded from elsewhere. */
export function showReference(container: HTMLElement, spec: object): void {
  SwaggerUI({
    spec,
    domNode: container,
    layout: "JustEndpoints",
    plugins: [justEndpoints],
    supportedSubmitMethods: [],
    // Highlighting has colours of its own, and the validator is somebody else's server.
    syntaxHighlight: false,
    validatorUrl: null,
    defaultModelsExpandDepth: -1,
  });
}
