package io.maestro.trust;

import static org.osgi.service.component.annotations.CollectionType.SERVICEOBJECTS;
import static org.osgi.service.component.annotations.FieldOption.UPDATE;
import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.RevocationListener;
import io.maestro.api.trust.Verification;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.PublisherName;
import io.maestro.store.Database;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.ComponentServiceObjects;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Publishers and inspection as services of this node. */
@Component(service = {Publishers.class, Inspector.class})
public final class TrustComponent implements Publishers, Inspector {
    private static final System.Logger LOG = System.getLogger(TrustComponent.class.getName());

    private final Publishers publishers;
    private final ArtifactInspector inspector;

    /** Not taken from the registry before a revocation: a listener's own component may need this one to start. */
    @Reference(
            service = RevocationListener.class,
            cardinality = MULTIPLE,
            policy = DYNAMIC,
            fieldOption = UPDATE,
            collectionType = SERVICEOBJECTS)
    private final List<ComponentServiceObjects<RevocationListener>> listeners = new CopyOnWriteArrayList<>();

    /** Brings the schema up to date and deletes copies that a crash left behind. */
    @Activate
    public TrustComponent(@Reference NodeSettings settings, @Reference Database database) throws IOException {
        database.migrate(JooqPublishers.MIGRATIONS);
        publishers = new JooqPublishers(database, InstantSource.system());
        inspector = new ArtifactInspector(
                InspectionLimits.USUAL, publishers::key, settings.data().resolve("incoming"), InstantSource.system());
        inspector.sweep();
    }

    @Override
    public PublisherKey trust(PublisherName publisher, String certificate, Actor actor) {
        return publishers.trust(publisher, certificate, actor);
    }

    @Override
    public PublisherKey revoke(PublisherName publisher, Digest key, String reason, Actor actor) {
        PublisherKey revoked = publishers.revoke(publisher, key, reason, actor);
        for (ComponentServiceObjects<RevocationListener> listener : listeners) {
            tell(listener, revoked);
        }
        return revoked;
    }

    @Override
    public Page<Publisher> publishers(PageRequest page) {
        return publishers.publishers(page);
    }

    @Override
    public @Nullable PublisherKey key(Digest fingerprint) {
        return publishers.key(fingerprint);
    }

    @Override
    public Inspection inspect(InputStream artifact, Verification verification) throws IOException {
        return inspector.inspect(artifact, verification);
    }

    private static void tell(ComponentServiceObjects<RevocationListener> objects, PublisherKey revoked) {
        RevocationListener listener = objects.getService();
        if (listener == null) {
            return;
        }
        try {
            listener.revoked(revoked);
        } catch (RuntimeException e) {
            // the key is revoked whatever the listener does; it will find out by asking
            LOG.log(Level.ERROR, "a listener failed to act on the revocation of " + revoked.fingerprint(), e);
        } finally {
            objects.ungetService(listener);
        }
    }
}
