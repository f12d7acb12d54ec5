// Where a recipe can be launched.
import type { RecipeView } from '../bindings';

/** Why a recipe can't be launched with the profile in use, in words that follow its name; empty where it can. */
export function outOfPlace(recipe: RecipeView, practice: boolean): string {
  if (practice ? recipe.practice : recipe.ec2) return '';
  return practice ? 'needs an AWS profile' : 'installs in practice only';
}
