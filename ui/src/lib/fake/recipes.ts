// Example recipes with lines as an installer might write them.
import type { InputView, PlannedStep, RecipeView } from '../bindings';

type StepSpec = [id: string, title: string, seconds: number, needs: string[]];

const XPERIENCE: StepSpec[] = [
  ['firewall', 'Open the firewall for the status service', 4, []],
  ['iis', 'Enable IIS and its management tools', 192, ['firewall']],
  ['sql-download', 'Download SQL Server Express', 70, ['firewall']],
  ['dotnet-download', 'Download the .NET hosting bundle', 38, ['firewall']],
  ['dotnet', 'Install the .NET hosting bundle', 62, ['iis', 'dotnet-download']],
  ['sql-express', 'Install SQL Server Express', 374, ['sql-download']],
  ['xperience', 'Create the Xperience project', 189, ['dotnet']],
  ['database', 'Create the database', 90, ['sql-express', 'xperience']],
  ['publish', 'Publish the site to IIS', 110, ['database']],
  ['check', 'Check that the site answers', 40, ['publish']],
];

const PRACTICE: StepSpec[] = [
  ['prepare', 'Prepare the folders', 3, []],
  ['download', 'Download the site', 14, ['prepare']],
  ['database', 'Create the database', 18, ['prepare']],
  ['unpack', 'Unpack the site', 8, ['download']],
  ['configure', 'Write the configuration', 5, ['unpack', 'database']],
  ['check', 'Check that the site answers', 6, ['configure']],
];

const IIS: StepSpec[] = [
  ['firewall', 'Open the firewall for the status service', 4, []],
  ['iis', 'Enable IIS and its management tools', 192, ['firewall']],
  ['dotnet-download', 'Download the .NET hosting bundle', 38, ['firewall']],
  ['dotnet', 'Install the .NET hosting bundle', 62, ['iis', 'dotnet-download']],
  ['check', 'Check that the site answers', 10, ['dotnet']],
];

const TITLE: InputView = {
  id: 'title',
  title: 'Site name',
  hint: 'Stands at the top of the site; it can be changed later.',
  kind: 'text',
  required: true,
  default: 'My site',
  longest: 100,
  choices: [],
};

const INPUTS: InputView[] = [
  TITLE,
  {
    id: 'email',
    title: 'Your e-mail address',
    hint: 'The first administrator of the site gets it.',
    kind: 'email',
    required: true,
    default: '',
    longest: 200,
    choices: [],
  },
  {
    id: 'template',
    title: 'Start with',
    hint: 'An empty project, or one with example pages.',
    kind: 'choice',
    required: true,
    default: 'Example pages',
    longest: 200,
    choices: ['Example pages', 'Empty project'],
  },
  {
    id: 'licence',
    title: 'Licence key',
    hint: 'Leave it empty to try the product. It is kept in the keychain, not in the project.',
    kind: 'secret',
    required: false,
    default: '',
    longest: 200,
    choices: [],
  },
];

/** Lines of a step, by its id; others get lines of their title. */
export const LINES: Record<string, string[]> = {
  iis: ['Enabling Web-Server', 'Enabling Web-Asp-Net45', 'Enabling Web-Mgmt-Console', 'No restart is needed'],
  'sql-express': [
    'Setup: checking the rules',
    'Setup: installing feature SQLEngine',
    'Setup: configuring instance SQLEXPRESS (mixed mode)',
    'Setup: starting service MSSQL$SQLEXPRESS',
    'Setup: ended with code 0',
  ],
  xperience: [
    'Restored 214 packages in 19.8 s',
    '! Template asks for .NET 10; the hosting bundle has 10.0.1',
    'Project written to C:\\inetpub\\contoso',
  ],
  download: ['GET site.zip, 1.4 MB', 'SHA-256 matches'],
};

export const RECIPES: RecipeView[] = [
  {
    ...planned(PRACTICE),
    id: 'practice-site',
    title: 'A small site',
    description: 'A site with a start page and an administration, to try everything with.',
    version: '1.0',
    practice: true,
    ec2: true,
    rehearse: true,
    inputs: [TITLE],
    families: ['practice-windows', 'windows-2022'],
    least_disk_gib: 30,
    least_memory_mib: 1024,
    unasked: false,
  },
  {
    ...planned(XPERIENCE),
    id: 'xperience',
    title: 'Xperience by Kentico',
    description: 'The CMS with its own SQL Server Express, on IIS.',
    version: '30.6',
    practice: true,
    ec2: true,
    rehearse: true,
    inputs: INPUTS,
    families: ['windows-2022-sql-express', 'windows-2025-sql-express'],
    least_disk_gib: 45,
    least_memory_mib: 8192,
    unasked: false,
  },
  {
    ...planned(IIS),
    id: 'iis',
    title: 'IIS and .NET',
    description: 'A web server without a CMS, ready for a site of your own.',
    version: '10',
    practice: false,
    ec2: true,
    rehearse: true,
    inputs: [TITLE],
    families: ['windows-2022', 'windows-2025', 'windows-2022-sql-express', 'windows-2025-sql-express'],
    least_disk_gib: 30,
    least_memory_mib: 4096,
    unasked: false,
  },
];

function planned(specs: StepSpec[]): { steps: PlannedStep[]; usual: number } {
  const steps: PlannedStep[] = [];
  const endOf = (id: string) => steps.find((one) => one.id === id)?.planned_end ?? 0;
  for (const [id, title, seconds, needs] of specs) {
    const from = Math.max(0, ...needs.map(endOf));
    const usual = seconds * 1000;
    steps.push({ id, title, needs, usual, planned_start: from, planned_end: from + usual, critical: false });
  }
  const end = Math.max(...steps.map((one) => one.planned_end));
  markCritical(steps, steps.find((one) => one.planned_end === end));
  return { steps, usual: end };
}

/** From the last step back along those that it had to wait for. */
function markCritical(steps: PlannedStep[], step: PlannedStep | undefined): void {
  if (step === undefined) return;
  step.critical = true;
  const before = steps.find((one) => step.needs.includes(one.id) && one.planned_end === step.planned_start);
  markCritical(steps, before);
}
