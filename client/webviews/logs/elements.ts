/** Makes an element with its class, text and attributes. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  { text, ...attributes }: { text?: string; [attribute: string]: string | undefined } = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = className;
  if (text !== undefined) made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  return made;
}

/** A button that is pressed or not; `changed` is called with what it is then. */
export function toggle(text: string, title: string, isPressed: boolean, changed: (isPressed: boolean) => void): HTMLButtonElement {
  const button = element('button', 'toggle', { text, title, 'aria-label': title, 'aria-pressed': String(isPressed) });
  button.addEventListener('click', () => {
    const pressed = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(pressed));
    changed(pressed);
  });
  return button;
}

/** A choice of one; `changed` is called with its value. */
export function choice(
  label: string,
  options: [value: string, text: string][],
  value: string,
  changed: (value: string) => void,
): HTMLSelectElement {
  const select = element('select', 'choice', { 'aria-label': label, title: label });
  for (const [key, text] of options) select.append(new Option(text, key, false, key === value));
  select.addEventListener('change', () => changed(select.value));
  return select;
}
