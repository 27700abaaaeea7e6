/** A name of a session. */
export const SESSION_ID = /^[A-Za-z0-9._-]{1,64}$/;
