"use client";

import { createContext } from "react";
import type { KeyRights } from "@/lib/api-keys/key-actions";

/** The actor's rights on keys, for the page's menus. */
export const KeyRightsContext = createContext<KeyRights>({ memberId: "", kinds: [], revokesOthers: false });
