// The wizard's five steps as data: what each is called, which answers belong to it, and what shows it.
import type { Component } from 'svelte';
import type { Wizard } from '$lib/state/wizard.svelte';
import CheckStage from './CheckStage.svelte';
import SizeStage from './SizeStage.svelte';
import WhatStage from './WhatStage.svelte';
import WhereStage from './WhereStage.svelte';
import WhoStage from './WhoStage.svelte';

export interface Stage {
  title: string;
  /** The fields it asks; a trailing `*` stands for any ending. */
  fields: string[];
  view: Component<{ wizard: Wizard; shown: boolean }>;
}

export const STAGES: Stage[] = [
  { title: 'What to install', fields: ['recipe', 'run', 'input-*'], view: WhatStage },
  { title: 'Where it runs', fields: ['name', 'region', 'network'], view: WhereStage },
  { title: 'Size and disk', fields: ['size', 'disk'], view: SizeStage },
  { title: 'Who gets in', fields: ['password', 'addresses'], view: WhoStage },
  { title: 'Check and launch', fields: [], view: CheckStage },
];

/** The fields of a stage that are not right yet. */
export function openFields(stage: Stage, problems: Record<string, string>): string[] {
  return Object.keys(problems).filter((field) => stage.fields.some((one) => covers(one, field)));
}

function covers(pattern: string, field: string): boolean {
  return pattern.endsWith('*') ? field.startsWith(pattern.slice(0, -1)) : pattern === field;
}
