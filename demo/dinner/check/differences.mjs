/**
 * Every place where two JSON values differ, as `path: one, other`.
 * @param {unknown} one
 * @param {unknown} other
 * @param {string} path
 * @returns {string[]}
 */
export function differences(one, other, path = '') {
  if (Object.is(one, other)) return [];
  if (!isObject(one) || !isObject(other) || Array.isArray(one) !== Array.isArray(other)) {
    return [`${path || 'value'}: ${show(one)}, ${show(other)}`];
  }
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) => differences(one[name], other[name], path === '' ? name : `${path}.${name}`));
}

/** @param {unknown} value @returns {value is Record<string, unknown>} */
function isObject(value) {
  return typeof value === 'object' && value !== null;
}

const show = (/** @type {unknown} */ value) => (value === undefined ? 'nothing' : JSON.stringify(value));
