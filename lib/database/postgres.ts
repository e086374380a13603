import pg from "pg";

/** Types for code that queries through a pool or connection. Only this folder imports the driver. */
export type Pool = pg.Pool;
export type Connection = pg.ClientBase;

/** For a statement: returns every value as text. */
export const AS_TEXT = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

const TEXT_ARRAY = 1009;

/** Parses PostgreSQL's text format of a `timestamptz`. */
export const parseInstant = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ) as (text: string) => Date;

/** Parses PostgreSQL's text format of a `text[]`. */
export const parseTextArray = pg.types.getTypeParser(TEXT_ARRAY as never) as (text: string) => string[];
