/** Loaded into a measured process: answers what it costs. */
const usage = () => {
  const { user, system } = process.cpuUsage();
  return { ...process.memoryUsage(), cpuMs: (user + system) / 1000 };
};

process.on('message', (/** @type {unknown} */ message) => {
  if (message !== 'usage' && message !== 'usage after gc') return;
  // Twice: what the first one finalizes, the second one frees.
  if (message === 'usage after gc') for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  setImmediate(() => process.send?.({ usage: usage() }));
});
// Nobody is asked any more, so nobody has to wait for questions.
process.channel?.unref();
