// <select data-select>: a select with a search field; multiple selects get remove buttons.
import TomSelect from "tom-select/popular";

export function enhance(select) {
  const label = select.labels?.[0]?.textContent.trim();
  const control = new TomSelect(select, {
    plugins: select.multiple ? ["remove_button"] : [],
    maxOptions: 500,
    allowEmptyOption: true,
  });
  if (label) select.setAttribute("aria-label", label);
  if (label) control.control_input.setAttribute("aria-label", label);
}
