/** The client's address as the front door worked it out; a client's own header of this name never gets through. */
export const CLIENT_IP_HEADER = "x-latchkey-client-ip";

/** Names one request in logs, answers and error reports. */
export const REQUEST_ID_HEADER = "x-request-id";
