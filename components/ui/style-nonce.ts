"use client";

// What keeps the page behind a dialog from scrolling is a <style> that Radix adds (through get-nonce), and
// the content security policy wants the page's nonce on it.
if (typeof document !== "undefined") {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  Object.assign(globalThis, { __webpack_nonce__: nonce });
}
