// The first visible element of a role whose name is, or begins with, the wanted one.
const [role, wanted, whole] = arguments;
const SELECTORS = {
  button: 'button, [role=button]',
  link: 'a[href]',
  heading: 'h1, h2, h3, [role=heading]',
  radio: 'input[type=radio], [role=radio]',
  textbox: 'input:not([type=radio]):not([type=checkbox]), textarea',
  combobox: 'select',
  option: 'option',
  region: '[role=region]',
  menuitem: '[role=menuitem], [role=menuitemradio], [role=menuitemcheckbox]',
  img: 'img, [role=img]',
  progressbar: '[role=progressbar], [role=meter], progress, meter',
  text: '*',
};

function nameOf(element) {
  const labelled = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean);
  const parts = labelled.map((id) => document.getElementById(id)?.textContent ?? '');
  const label = element.labels?.[0]?.textContent;
  const own = role === 'text' ? element.innerText : element.textContent;
  const named = element.getAttribute('aria-label') ?? element.getAttribute('alt');
  return (named ?? (parts.join(' ') || label || own || '')).replace(/\s+/g, ' ').trim();
}

const fits = (name) => (whole ? name === wanted : name.startsWith(wanted));
// An option of a closed list takes no room of its own.
const shown = (element) => (element.closest('select') ?? element).getClientRects().length > 0;
const found = [...document.querySelectorAll(SELECTORS[role])].filter((one) => shown(one) && fits(nameOf(one)));
// Of elements inside each other the innermost is the one that holds the text.
return found.at(role === 'text' ? -1 : 0) ?? null;
