package io.maestro.adapter.spi.identity;

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
 * Says who a caller is (requirement A3, story 2.1).
 *
 * <p>All methods are called by the host concurrently from virtual threads, may block until the deadline of the call, and
 * are interrupted after it. They fail with a {@link io.maestro.model.ProblemException} whose code is one of {@link
 * IdentityProblem}; after {@link #close} with {@link IdentityProblem#IDENTITY_CLOSED}. No problem, log line or {@code
 * toString} ever holds a token, a code, a verifier, or a part of one.
 *
 * <p>{@link IdentityRules} checks what every provider's requests have in common. The server keeps sessions, states and
 * nonces; an instance remembers nothing of a login.
 */
@ConsumerType
public interface IdentityProvider extends AdapterInstance {
    /** This type's operations, as called by name. */
    AdapterType<IdentityProvider> TYPE = new AdapterType<>(
            new TypeName("identity"),
            "1.0",
            IdentityProvider.class,
            List.of(
                    new Operation.Plain<>(
                            new OperationName("describe"),
                            Describe.class,
                            ProviderDescription.class,
                            Effect.READ,
                            IdentityProvider::describe),
                    new Operation.Plain<>(
                            new OperationName("validate_token"),
                            ValidateToken.class,
                            VerifiedIdentity.class,
                            Effect.READ,
                            IdentityProvider::validateToken),
                    new Operation.Plain<>(
                            new OperationName("begin_login"),
                            BeginLogin.class,
                            LoginUrl.class,
                            Effect.READ,
                            IdentityProvider::beginLogin),
                    new Operation.Plain<>(
                            new OperationName("complete_login"),
                            CompleteLogin.class,
                            VerifiedIdentity.class,
                            Effect.CHANGE,
                            IdentityProvider::completeLogin),
                    new Operation.Plain<>(
                            new OperationName("end_session_url"),
                            EndSession.class,
                            EndSessionUrl.class,
                            Effect.READ,
                            IdentityProvider::endSessionUrl)));

    /** Tells how the instance is configured. Asks nobody outside. */
    ProviderDescription describe(CallContext context, Describe request);

    /**
     * Checks a bearer token and says whose it is. Called on the way of every request that carries one, so that the outside
     * system is asked only for keys that are not known yet.
     *
     * @throws io.maestro.model.ProblemException one of {@link IdentityProblem}'s token problems, which says what is wrong
     *     with the token; {@link IdentityProblem#IDENTITY_PROVIDER_UNREACHABLE}, retryable, when that cannot be known now
     */
    VerifiedIdentity validateToken(CallContext context, ValidateToken request);

    /**
     * Makes the address at which a person logs in.
     *
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#LOGIN_NOT_OFFERED}
     */
    LoginUrl beginLogin(CallContext context, BeginLogin request);

    /**
     * Redeems the code that a login brought, checks the id token and says who logged in. Tries once, for a code is good
     * once.
     *
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#LOGIN_CODE_REFUSED} when the provider takes the code
     *     not or no more; {@link IdentityProblem#LOGIN_UNAVAILABLE} when it takes none of ours now, or does not answer; {@link IdentityProblem#TOKEN_NONCE_MISMATCH} when the login is another one than was begun
     */
    VerifiedIdentity completeLogin(CallContext context, CompleteLogin request);

    /** Makes the address at which the provider forgets a browser, if it has one. */
    EndSessionUrl endSessionUrl(CallContext context, EndSession request);
}
