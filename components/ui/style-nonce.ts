"use client";

// Radix adds a <style> (through get-nonce) that prevents scrolling behind a dialog; the content security policy
// requires the page's nonce on it.
if (typeof document !== "undefined") {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  Object.assign(globalThis, { __webpack_nonce__: nonce });
}
