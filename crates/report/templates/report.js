'use strict';
const form = document.getElementById('filters');
const shown = document.getElementById('shown');
const items = Array.from(document.querySelectorAll('.item'), item => ({
  element: item,
  source: item.closest('.source').dataset.source,
  langs: item.dataset.langs.split(' '),
  text: item.textContent.toLowerCase(),
}));

function fits(item, severities, wanted) {
  return severities.has(item.element.dataset.severity)
    && (!wanted.source || wanted.source === item.source)
    && (!wanted.kind || wanted.kind === item.element.dataset.kind)
    && (!wanted.lang || item.langs.includes(wanted.lang))
    && item.text.includes(wanted.text);
}

function apply() {
  const severities = new Set(Array.from(form.querySelectorAll('[name=severity]:checked'), box => box.value));
  const value = name => form.elements.namedItem(name).value;
  const wanted = { source: value('source'), kind: value('kind'), lang: value('lang'), text: value('text').toLowerCase() };
  for (const item of items) item.element.hidden = !fits(item, severities, wanted);
  for (const group of document.querySelectorAll('.group')) group.hidden = !group.querySelector('.item:not([hidden])');
  for (const source of document.querySelectorAll('.source')) {
    const told = source.querySelector('.item') === null || source.querySelector('.item:not([hidden])') !== null;
    source.hidden = !told || (wanted.source !== '' && wanted.source !== source.dataset.source);
  }
  shown.textContent = `${items.filter(item => !item.element.hidden).length} / ${items.length}`;
}

form.addEventListener('input', apply);
form.addEventListener('submit', event => event.preventDefault());
form.hidden = false;
apply();
