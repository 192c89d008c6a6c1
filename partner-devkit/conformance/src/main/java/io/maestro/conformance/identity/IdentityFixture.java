package io.maestro.conformance.identity;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.AdapterManifest;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URL;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the kit needs to know of an adapter. Implemented by the adapter's author. What is optional is declared here, and what
 * is declared absent has to be refused properly.
 */
public interface IdentityFixture {
    /** What not every adapter has. */
    enum Offer {
        /** People log in. Without it {@code begin_login} and {@code complete_login} answer {@code login-not-offered}. */
        LOGIN,
        /** The provider forgets a browser. Without it {@code end_session_url} gives none. */
        END_SESSION
    }

    /** The adapter. Called for each test; the kit asks for no more than one factory to be in use at a time. */
    AdapterFactory factory();

    /**
     * The configuration of an instance that believes this provider. Over the kit's own provider:
     *
     * <ul>
     *   <li>clocks may be off by sixty seconds;
     *   <li>the name is what the claim {@code name} says, and the email address what {@code email} says;
     *   <li>of the values of the claim {@code groups}, {@code admins} grants the role {@code tenant_admin}, and {@code
     *       owners} grants {@code tenant_admin} and {@code tenant_developer};
     *   <li>the attribute {@code department} has the values of the claim of this name.
     * </ul>
     *
     * <p>The secret is given as plain text, so that the kit can look for it where it must not be.
     */
    Map<String, ?> configuration(Registration registration);

    /** What the adapter has of what is optional. */
    Set<Offer> offers();

    /** The same, for programs only: nobody logs in. Null when the adapter cannot be configured so. */
    default @Nullable Map<String, ?> forPrograms(Registration registration) {
        return null;
    }

    /** The provider for one test; the kit closes it after that. By default, the kit's own. */
    default TriedProvider provider() throws Exception {
        return LoopbackIssuer.start();
    }

    /** Where the adapter's manifest is. */
    default URL manifest() throws IOException {
        URL address = factory().getClass().getClassLoader().getResource(AdapterManifest.ENTRY);
        if (address == null) {
            throw new FileNotFoundException(
                    "there is no " + AdapterManifest.ENTRY + " where the class of the factory comes from");
        }
        return address;
    }
}
