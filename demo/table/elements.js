/** An element with attributes and children. Text is always set as text. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'style')
      for (const [property, text] of Object.entries(value)) element.style.setProperty(property, text);
    else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== undefined && child !== false));
  return element;
}

/** A person's name in a colour of their own. */
export function nameTag({ id, name }, ownId, me) {
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
  return el(
    'span',
    { class: 'who', style: { '--hue': String(hue) } },
    id === ownId ? `${name ?? ''} (${me})` : (name ?? '?'),
  );
}
