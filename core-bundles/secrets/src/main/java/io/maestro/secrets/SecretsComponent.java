package io.maestro.secrets;

import io.maestro.adapter.spi.Secret;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.secrets.PlatformSeal;
import io.maestro.api.secrets.SecretListener;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.store.Transaction;
import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import io.maestro.store.Database;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.FieldOption;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Offers secrets once the master key was tried; immediate, so that a wrong one keeps the node from starting. */
@Component(
        service = {Secrets.class, InstanceSecrets.class, PlatformSeal.class},
        immediate = true)
public final class SecretsComponent implements Secrets, InstanceSecrets, PlatformSeal {
    /** They come and go with their bundles. */
    @Reference(policy = ReferencePolicy.DYNAMIC, fieldOption = FieldOption.UPDATE)
    private final List<SecretListener> listeners = new CopyOnWriteArrayList<>();

    private final SecretsEngine engine;
    private final ServiceRegistration<TenantHoldings> holdings;

    /** Opens the master key and tries it. */
    @Activate
    public SecretsComponent(
            @Reference NodeSettings node,
            @Reference Database database,
            @Reference Tenants tenants,
            BundleContext bundle) {
        this.engine = SecretsEngine.open(node.masterKeys(), database, tenants, listeners, InstantSource.system());
        // Not before: the tenancy looks for holdings while it begins, and these need the tenancy.
        this.holdings = bundle.registerService(TenantHoldings.class, engine.holdings(), null);
    }

    /** Goes on with what was broken off. */
    @Activate
    void start() {
        engine.start();
    }

    @Deactivate
    void stop() {
        holdings.unregister();
        engine.stop();
    }

    @Override
    public KeptSecret put(Scope scope, SecretName name, String value, @Nullable Long version, Actor actor) {
        return engine.secrets().put(scope, name, value, version, actor);
    }

    @Override
    public KeptSecret secret(Scope scope, SecretName name) {
        return engine.secrets().secret(scope, name);
    }

    @Override
    public Page<KeptSecret> secrets(Scope scope, PageRequest page) {
        return engine.secrets().secrets(scope, page);
    }

    @Override
    public void delete(Scope scope, SecretName name, @Nullable Long version, Actor actor) {
        engine.secrets().delete(scope, name, version, actor);
    }

    @Override
    public Page<Read> reads(Scope scope, PageRequest page) {
        return engine.secrets().reads(scope, page);
    }

    @Override
    public RotatedDataKey rotateDataKey(Scope scope, Actor actor) {
        return engine.secrets().rotateDataKey(scope, actor);
    }

    @Override
    public RotatedMasterKey rotateMasterKey(Actor actor) {
        return engine.secrets().rotateMasterKey(actor);
    }

    @Override
    public Values read(Scope scope, InstanceId instance, Set<SecretName> names, Purpose purpose, String correlationId) {
        return engine.uses().read(scope, instance, names, purpose, correlationId);
    }

    @Override
    public <R> R prepared(Supplier<R> act) {
        return engine.uses().prepared(act);
    }

    @Override
    public void attach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor) {
        engine.uses().attach(act, scope, instance, owned, used, actor);
    }

    @Override
    public void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor) {
        engine.uses().reattach(act, scope, instance, owned, used, actor);
    }

    @Override
    public void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Set<SecretName> retained,
            Actor actor) {
        engine.uses().reattach(act, scope, instance, owned, used, retained, actor);
    }

    @Override
    public void detach(Transaction act, Scope scope, InstanceId instance) {
        engine.uses().detach(act, scope, instance);
    }

    @Override
    public Map<InstanceOf, Long> stamps() {
        return engine.uses().stamps();
    }

    @Override
    public byte[] seal(String purpose, byte[] plain) {
        return engine.seal().seal(purpose, plain);
    }

    @Override
    public Optional<byte[]> open(String purpose, byte[] sealed) {
        return engine.seal().open(purpose, sealed);
    }
}
