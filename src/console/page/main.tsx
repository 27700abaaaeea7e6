import { render } from 'preact';
import { App } from './app';
import { followDraft, followFragment, followRecents } from './form';
import { keepTime } from './run';
import { wearTheme } from './theme';
import 'uplot/dist/uPlot.min.css';
import './page.css';
import './panes/panes.css';

wearTheme();
followFragment();
followRecents();
followDraft();
keepTime();
const page = document.getElementById('page');
if (page !== null) render(<App />, page);
