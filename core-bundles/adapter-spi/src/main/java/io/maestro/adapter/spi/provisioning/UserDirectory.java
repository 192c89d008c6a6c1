package io.maestro.adapter.spi.provisioning;

import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Operation;
import io.maestro.adapter.spi.Operation.Effect;
import io.maestro.model.OperationName;
import io.maestro.model.TypeName;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Keeps the users of an outside directory as we want them (story 2.2).
 *
 * <p>All methods are called by the host concurrently from virtual threads, may block until the deadline of the call, and
 * are interrupted after it. They fail with a {@link io.maestro.model.ProblemException} whose code is one of {@link
 * ProvisioningProblem}; after {@link #close} with {@link ProvisioningProblem#PROVISIONING_CLOSED}. They never retry: a
 * problem says whether and when the host may, with the directory's {@code Retry-After} where it gave one. The host makes
 * any of them again, for all leave the same when done twice. Only a change with a condition, of which nobody knows whether
 * it was done, must not be tried again: the second try would find the condition broken by the first.
 *
 * <p>{@link ProvisioningRules} checks what holds for every directory; an adapter calls it first in each operation.
 */
@ConsumerType
public interface UserDirectory extends AdapterInstance {
    /** This type's operations, as called by name. */
    AdapterType<UserDirectory> TYPE = new AdapterType<>(
            new TypeName("provisioning"),
            "1.0",
            UserDirectory.class,
            List.of(
                    new Operation.Plain<>(
                            new OperationName("create_user"),
                            CreateUser.class,
                            ProvisionedUser.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::createUser),
                    new Operation.Plain<>(
                            new OperationName("get_user"),
                            UserReference.class,
                            ProvisionedUser.class,
                            Effect.READ,
                            UserDirectory::getUser),
                    new Operation.Plain<>(
                            new OperationName("list_users"),
                            ListUsers.class,
                            UserList.class,
                            Effect.READ,
                            UserDirectory::listUsers),
                    new Operation.Plain<>(
                            new OperationName("replace_user"),
                            ReplaceUser.class,
                            ProvisionedUser.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::replaceUser),
                    new Operation.Plain<>(
                            new OperationName("patch_user"),
                            PatchUser.class,
                            ProvisionedUser.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::patchUser),
                    new Operation.Plain<>(
                            new OperationName("deactivate_user"),
                            UserReference.class,
                            ProvisionedUser.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::deactivateUser),
                    new Operation.Plain<>(
                            new OperationName("reactivate_user"),
                            UserReference.class,
                            ProvisionedUser.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::reactivateUser),
                    new Operation.Plain<>(
                            new OperationName("assign_group"),
                            Membership.class,
                            MembershipState.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::assignGroup),
                    new Operation.Plain<>(
                            new OperationName("remove_group"),
                            Membership.class,
                            MembershipState.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::removeGroup),
                    new Operation.Plain<>(
                            new OperationName("assign_role"),
                            Membership.class,
                            MembershipState.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::assignRole),
                    new Operation.Plain<>(
                            new OperationName("remove_role"),
                            Membership.class,
                            MembershipState.class,
                            Effect.IDEMPOTENT,
                            UserDirectory::removeRole)));

    /**
     * Creates the user, or returns the one that has the same external id and is thus from an earlier try; that one is left
     * as it is.
     *
     * @throws io.maestro.model.ProblemException {@link ProvisioningProblem#PROVISIONING_USER_EXISTS} when the user name belongs
     *     to a user of another external id
     */
    ProvisionedUser createUser(CallContext context, CreateUser request);

    /**
     * Reads the user.
     *
     * @throws io.maestro.model.ProblemException {@link ProvisioningProblem#PROVISIONING_USER_NOT_FOUND}
     */
    ProvisionedUser getUser(CallContext context, UserReference request);

    /** Lists users, a page at a time. While nothing changes, the pages together have every user once. */
    UserList listUsers(CallContext context, ListUsers request);

    /**
     * Gives the user these attributes and no others.
     *
     * @throws io.maestro.model.ProblemException {@link ProvisioningProblem#PROVISIONING_PRECONDITION_FAILED} when the user has
     *     changed, {@link ProvisioningProblem#PROVISIONING_UNSUPPORTED} when there is a condition and the directory has no ETags
     */
    ProvisionedUser replaceUser(CallContext context, ReplaceUser request);

    /**
     * Sets single attributes of the user. Fails as {@link #replaceUser} does.
     */
    ProvisionedUser patchUser(CallContext context, PatchUser request);

    /**
     * Keeps the user and ends its right to log in; no failure when it has none. Succeeds only when the directory says that
     * the user may not log in any more.
     */
    ProvisionedUser deactivateUser(CallContext context, UserReference request);

    /** Lets the user log in again; no failure when it may. */
    ProvisionedUser reactivateUser(CallContext context, UserReference request);

    /**
     * Puts the user into the group; no failure when it is in. Fails when the directory shows afterwards that the user is not;
     * where it does not show the groups of users ({@code groups} is null), its good answer is all that is known.
     *
     * @throws io.maestro.model.ProblemException {@link ProvisioningProblem#PROVISIONING_TARGET_NOT_FOUND}
     */
    MembershipState assignGroup(CallContext context, Membership request);

    /**
     * Takes the user out of the group; no failure when it is not in. Fails when the directory shows afterwards that the user
     * is in it still, with the same limit as {@link #assignGroup}.
     */
    MembershipState removeGroup(CallContext context, Membership request);

    /**
     * Gives the user the role; no failure when it has it.
     *
     * @throws io.maestro.model.ProblemException {@link ProvisioningProblem#PROVISIONING_UNSUPPORTED} when the directory has no roles
     */
    MembershipState assignRole(CallContext context, Membership request);

    /** Takes the role from the user; no failure when it does not have it. */
    MembershipState removeRole(CallContext context, Membership request);
}
