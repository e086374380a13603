"use client";

import { createContext } from "react";
import type { KeyRights } from "@/lib/api-keys/key-actions";

/** What the acting member may do with keys, for the menus of a page's keys. */
export const KeyRightsContext = createContext<KeyRights>({ memberId: "", kinds: [], revokesOthers: false });
