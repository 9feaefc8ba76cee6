// The desk's script. Pages work without it.

import { localTimes, root } from './common.js';
import { editionPage } from './edition.js';
import { listPage } from './list.js';

root.classList.add('js');
localTimes();
const page = document.body.dataset.page;
if (page === 'queue' || page === 'article') listPage();
if (page === 'edition') editionPage();
