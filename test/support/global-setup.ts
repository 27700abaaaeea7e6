import { begin } from './templates';

export default begin;
