import pg from "pg";

/** For what takes a pool or a connection and asks it. Nothing but this folder knows the driver. */
export type Pool = pg.Pool;
export type Connection = pg.ClientBase;

/** For a statement: every value as the text it came as. */
export const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

const TEXT_ARRAY = 1009;

/** From PostgreSQL's text form of a `timestamptz`. */
export const parseInstant = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;

/** From PostgreSQL's text form of a `text[]`. */
export const parseTextArray = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => string[];
