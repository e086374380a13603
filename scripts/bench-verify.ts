export { default } from "../bench/verify.ts";
