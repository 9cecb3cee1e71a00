/** Waits until nothing in a part of the page fades or moves that comes to an end, such as a box that is being opened. */
export async function still(part: Element): Promise<void> {
  const ending = [...part.getAnimations({ subtree: true })].filter(
    ({ effect, playState }) => playState === 'running' && effect?.getComputedTiming().iterations !== Infinity,
  );
  await Promise.allSettled(ending.map(({ finished }) => finished));
}
