/** "1 key", "12 keys". */
export const keyCount = (count: number) => `${count.toLocaleString("en")} ${count === 1 ? "key" : "keys"}`;
