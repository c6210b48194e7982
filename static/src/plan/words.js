// Sentences of the plan page in the language of the person, from the JSON the page brings.
let words = {};

export function learnWords(known) {
  words = known;
}

/** A sentence with its values: say("moved", {count: 3}). A number `count` chooses between one and many. */
export function say(name, values = {}) {
  const one = values.count === 1 ? words[`${name}One`] : undefined;
  const sentence = one ?? words[name] ?? name;
  return sentence.replace(/\{(\w+)\}/g, (whole, key) => (key in values ? String(values[key]) : whole));
}
