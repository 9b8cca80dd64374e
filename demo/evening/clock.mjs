/**
 * Simulated minutes. Whoever is due at a minute acts at the same time; as soon as all of them wait again, the clock jumps
 * to the next appointment.
 * @param {() => void} endOfMinute is called before each jump
 */
export function createClock(endOfMinute) {
  let minute = 0;
  let busy = 0;
  let hasFailed = false;
  /** @type {{ at: number, wake: () => void }[]} */
  let waiting = [];

  function rest() {
    busy -= 1;
    if (busy > 0 || hasFailed || waiting.length === 0) return;
    endOfMinute();
    minute = Math.min(...waiting.map(({ at }) => at));
    const due = waiting.filter(({ at }) => at === minute);
    waiting = waiting.filter(({ at }) => at !== minute);
    busy += due.length;
    for (const { wake } of due) wake();
  }

  return {
    get minute() {
      return minute;
    },
    /** @param {number} minutes @returns {Promise<void>} */
    wait: (minutes) =>
      new Promise((wake) => {
        waiting.push({ at: minute + minutes, wake });
        rest();
      }),
    /** Until all have done what they came for. The first failure stops the clock. @param {readonly (() => Promise<void>)[]} actors */
    async run(actors) {
      busy += actors.length;
      const acting = actors.map(async (act) => {
        try {
          await act();
        } catch (error) {
          hasFailed = true;
          throw error;
        } finally {
          rest();
        }
      });
      await Promise.all(acting);
      endOfMinute();
    },
  };
}

/** The restaurant opens at six. @param {number} minute */
export function timeOf(minute) {
  const [hour, rest] = [18 + Math.floor(minute / 60), minute % 60];
  return `${hour}:${String(rest).padStart(2, '0')}`;
}
