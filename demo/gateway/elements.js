/** An element with attributes and children. Text is always set as text. */
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(key, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

/** Names of the providers as people know them. */
export const providerNames = { momo: 'MoMo', vnpay: 'VNPay', zalopay: 'ZaloPay', sepay: 'VietQR' };
