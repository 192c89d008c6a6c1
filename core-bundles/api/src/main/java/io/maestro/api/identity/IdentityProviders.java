package io.maestro.api.identity;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProviderName;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Who else may say who somebody is: adapter instances of the type {@code identity}, each for one tenant or for the
 * installation. Blocks on the database, and where it says so on the instance; any thread.
 */
@ProviderType
public interface IdentityProviders {
    /**
     * Adds a provider. Asks the instance how it is configured.
     *
     * @param tenant whose people it knows; null for the installation
     * @param creator whose rights bound what the provider may grant
     * @throws io.maestro.model.ProblemException {@link IdentityProblem#IDENTITY_PROVIDER_EXISTS}, {@link
     *     IdentityProblem#IDENTITY_PROVIDER_INVALID}, {@link IdentityProblem#IDENTITY_PROVIDER_UNAVAILABLE}
     */
    IdentityProvider create(
            @Nullable TenantId tenant, ProviderName name, Settings settings, Principal creator, Actor actor);

    /** The provider, or {@link IdentityProblem#IDENTITY_PROVIDER_UNKNOWN}. */
    IdentityProvider provider(@Nullable TenantId tenant, ProviderName name);

    /** The providers of one tenant, or of the installation when null; by name. */
    Page<IdentityProvider> providers(@Nullable TenantId tenant, PageRequest page);

    /**
     * Changes a provider. An instance that has changed in any way since somebody agreed to it says of nobody who they are
     * ({@link IdentityProblem#IDENTITY_PROVIDER_UNCONFIRMED}) until this is called with its present fingerprint: whoever may
     * configure an instance may not grant what its provider may. What it said of people before holds five seconds longer at
     * most. The sessions of its people end when it is switched off, and when it is another instance, or the instance as
     * something else, that is agreed to.
     *
     * @param agreed the fingerprint that the changer agrees to, then the instance is asked anew how it is configured; null to
     *     leave what was agreed to as it is, which is never another instance
     * @param revision the revision that must still be current, or null for any; else {@code revision-changed}
     * @throws io.maestro.model.ProblemException {@code instance-changed} when the instance has another fingerprint than that,
     *     {@code instance-unsettled} when it does not run as it is configured
     */
    IdentityProvider change(
            @Nullable TenantId tenant,
            ProviderName name,
            Settings settings,
            @Nullable Digest agreed,
            @Nullable Long revision,
            Principal changer,
            Actor actor);

    /**
     * The fingerprint of what the provider's instance is now; null when it does not run here, or not as it is configured.
     * The provider vouches for somebody only while it is the one that was agreed to.
     */
    @Nullable
    Digest present(IdentityProvider provider);

    /** Removes a provider; sessions of its people end within five seconds. */
    void remove(@Nullable TenantId tenant, ProviderName name, @Nullable Long revision, Actor actor);

    /**
     * The providers at which people can log in, by name; at most 50. For everybody: an unknown tenant has none. Known from
     * memory, as of five seconds ago at most.
     *
     * @param tenant null for those of the installation
     */
    List<IdentityProvider> offered(@Nullable TenantId tenant);

    /**
     * What can be chosen of a provider.
     *
     * @param displayName what people call it
     * @param scope where the instance is; of the provider's own tenant unless it is one of the installation
     * @param instance an instance of the type {@code identity}
     * @param roles the most that it may grant; within a tenant never one of the installation
     * @param enabled whether it is asked at all
     */
    record Settings(String displayName, Scope scope, InstanceId instance, Set<Role> roles, boolean enabled) {
        /** Orders the roles. */
        public Settings {
            roles = Principal.ordered(roles);
        }
    }

    /**
     * What the instance said of itself when it was last asked.
     *
     * @param issuer names the provider in its tokens
     * @param clientId what the provider knows this server as
     * @param scopes what a login asks for
     * @param audiences whom a bearer token may be meant for
     * @param login whether people can log in
     */
    record Description(String issuer, String clientId, List<String> scopes, List<String> audiences, boolean login) {
        /** Copies the lists. */
        public Description {
            scopes = List.copyOf(scopes);
            audiences = List.copyOf(audiences);
        }
    }

    /**
     * A provider.
     *
     * @param id names it for ever, also when another takes its name later
     * @param tenant whose people it knows; null for the installation
     * @param agreed what the instance was when somebody last agreed to it who may grant the provider's roles; null when
     *     nobody has
     * @param revision goes up with each change
     */
    record IdentityProvider(
            String id,
            @Nullable TenantId tenant,
            ProviderName name,
            Settings settings,
            Description description,
            @Nullable Digest agreed,
            long revision,
            Instant createdAt,
            Instant updatedAt) {
        /**
         * Where this provider sends browsers back to; to be registered with it. No other shares it, so that none can pass
         * a login on to another.
         *
         * @param callbacks our address below which those of all providers are
         */
        public URI redirectUri(URI callbacks) {
            return URI.create(callbacks + "/" + id);
        }
    }
}
