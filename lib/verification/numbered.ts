/** Values that many records share, by numbers from 0 in the order in which they came: a record has the number. */
export class Numbered<Value> {
  private readonly numbers = new Map<Value, number>();
  private readonly values: Value[] = [];

  constructor(private readonly room: number) {}

  get size(): number {
    return this.values.length;
  }

  get isFull(): boolean {
    return this.size >= this.room;
  }

  at(number: number): Value {
    return this.values[number] as Value;
  }

  /** Throws a `RangeError` for a further value when there is no more room: another value's number would be a lie. */
  numberOf(value: Value): number {
    const known = this.numbers.get(value);
    if (known !== undefined) return known;
    if (this.isFull) throw new RangeError(`there is no room for more than ${this.room} values`);
    this.numbers.set(value, this.values.length);
    return this.values.push(value) - 1;
  }

  clear(): void {
    this.numbers.clear();
    this.values.length = 0;
  }
}
