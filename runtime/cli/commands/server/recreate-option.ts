/** Of the verbs that roll out a revision where another one answers. */
export const recreateOption = {
  recreate: { kind: 'switch', doc: 'end the old revision first, with a gap: for where both have no room' },
} as const;
