// Before anything else: an ES module would find the threads as they are.
void import('./prepare-threads.cts').then(() => import('./main.ts'));
