/** The client's IP address as determined by `server/admit.ts`, which removes a client's own header of this name. */
export const CLIENT_IP_HEADER = "x-latchkey-client-ip";

/** Identifies one request in logs, responses and error reports. */
export const REQUEST_ID_HEADER = "x-request-id";
