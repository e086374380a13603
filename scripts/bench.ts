export { default } from "../bench/console.ts";
