import { end } from './templates';

export default end;
