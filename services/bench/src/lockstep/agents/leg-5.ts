import { runLeg } from '../legs.js';

await runLeg(5);
