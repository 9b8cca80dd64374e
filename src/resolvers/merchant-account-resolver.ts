import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { asId, isUuid, type LocationId } from '../domain/ids.js';
import { invalid } from '../domain/rejection.js';
import { type MerchantAccount, MerchantAccountConnection, MerchantAccountPayload } from '../schema/merchant-account.js';
import {
  CreateMerchantAccountInput,
  DisableMerchantAccountInput,
  MerchantAccountsArgs,
  RotateMerchantSecretsInput,
  UpdateMerchantAccountInput,
} from '../schema/merchant-account-inputs.js';
import { createMerchantAccount } from '../services/create-merchant-account.js';
import { listMerchantAccounts } from '../services/list-merchant-accounts.js';
import type { AccountView } from '../services/merchant-account-view.js';
import { rotateMerchantSecrets } from '../services/rotate-merchant-secrets.js';
import { updateMerchantAccount } from '../services/update-merchant-account.js';
import type { ResolverContext } from './context.js';
import { given } from './inputs.js';

@Resolver()
export class MerchantAccountResolver {
  @Query(() => MerchantAccountConnection, {
    description: "The restaurant's own accounts with payment providers. For managers.",
  })
  async merchantAccounts(
    @Args(() => MerchantAccountsArgs) wanted: MerchantAccountsArgs,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MerchantAccountConnection> {
    const after = given(wanted.after);
    if (after !== undefined && !isUuid(after))
      throw invalid([{ path: 'cursor', message: 'is not a cursor of this list' }]);
    const { accounts, hasMore } = await listMerchantAccounts(deps, scope, { first: wanted.first, after });
    const nodes = accounts.map(present);
    const edges = nodes.map((node) => ({ cursor: node.id, node }));
    const endCursor = edges.at(-1)?.cursor ?? null;
    const pageInfo = {
      hasNextPage: hasMore,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor,
    };
    return { edges, nodes, pageInfo, nextCursor: hasMore ? endCursor : null };
  }

  @Mutation(() => MerchantAccountPayload, {
    description: 'Makes an account with a payment provider. For managers. Of several that fit, the newest is used.',
  })
  async createMerchantAccount(
    @Arg('input', () => CreateMerchantAccountInput, { description: 'The account.' }) input: CreateMerchantAccountInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MerchantAccountPayload> {
    const { provider, name, settings, secrets } = input;
    const view = await createMerchantAccount(deps, scope, {
      ...{ provider, name, settings, secrets },
      locationId: input.locationId ? asId<LocationId>(input.locationId) : undefined,
      allowedAddresses: given(input.allowedAddresses),
    });
    return { merchantAccount: present(view) };
  }

  @Mutation(() => MerchantAccountPayload, {
    description: 'Changes an account, or takes it out of use and back. For managers.',
  })
  async updateMerchantAccount(
    @Arg('input', () => UpdateMerchantAccountInput, { description: 'Which account, and what of it.' })
    input: UpdateMerchantAccountInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MerchantAccountPayload> {
    const view = await updateMerchantAccount(deps, scope, {
      accountId: input.accountId,
      name: given(input.name),
      settings: given(input.settings),
      allowedAddresses: given(input.allowedAddresses),
      disabled: given(input.disabled),
    });
    return { merchantAccount: present(view) };
  }

  @Mutation(() => MerchantAccountPayload, {
    description: 'Takes new secrets into use; those before still verify notices for a while. For managers.',
  })
  async rotateMerchantSecrets(
    @Arg('input', () => RotateMerchantSecretsInput, { description: 'Which account, and its secrets.' })
    input: RotateMerchantSecretsInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MerchantAccountPayload> {
    return { merchantAccount: present(await rotateMerchantSecrets(deps, scope, input)) };
  }

  @Mutation(() => MerchantAccountPayload, {
    description: 'Takes an account out of use: no new payments, while what was begun still arrives. For managers.',
  })
  async disableMerchantAccount(
    @Arg('input', () => DisableMerchantAccountInput, { description: 'The account.' })
    { accountId }: DisableMerchantAccountInput,
    @Ctx() { deps, scope }: ResolverContext,
  ): Promise<MerchantAccountPayload> {
    return { merchantAccount: present(await updateMerchantAccount(deps, scope, { accountId, disabled: true })) };
  }
}

function present({ allowedAddresses, secretNames, disabledAt, ...view }: AccountView): MerchantAccount {
  return {
    ...view,
    allowedAddresses: [...allowedAddresses],
    secretNames: secretNames && [...secretNames],
    disabled: disabledAt !== null,
  };
}
