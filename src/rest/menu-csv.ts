import { menuTableColumns, menuTableRows, tableColumns, type WrittenMenu } from '../domain/menu-table.js';
import type { Answer, RestCsv } from './route.js';

/** A menu for a spreadsheet, which tells by the mark that the letters are UTF-8. */
export const menuCsv: RestCsv = {
  operation: 'ExportMenu',
  fileName: 'menu.csv',
  columns: tableColumns,
  columnsOf: (body) => menuTableColumns(writtenMenu(body)),
  rowsOf: (body) => menuTableRows(writtenMenu(body)),
  isMarked: true,
};

/** The document selects just these members. */
function writtenMenu(body: Answer): WrittenMenu {
  return body as unknown as WrittenMenu;
}
