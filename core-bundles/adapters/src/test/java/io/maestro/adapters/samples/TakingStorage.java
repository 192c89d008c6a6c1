package io.maestro.adapters.samples;

import io.maestro.adapter.spi.AdapterContext;
import io.maestro.adapter.spi.Secret;
import io.maestro.adapter.spi.SecretRotation;

/** Takes new secrets while it is open, but for one that it cannot bear. */
public final class TakingStorage extends EchoStorage implements SecretRotation {
    /** Starts a secret that it does not take. */
    public static final String UNBEARABLE = "unbearable";

    TakingStorage(AdapterContext context, Settings settings) {
        super(context, settings);
    }

    @Override
    public void secretsChanged(AdapterContext context) {
        Settings settings = context.configuration(Settings.class);
        if ("take or leave".equals(settings.behaviour())) {
            // has it, whatever it says of it
            configured(settings);
        }
        Secret password = settings.password();
        if (password != null && password.reveal().startsWith(UNBEARABLE)) {
            throw new IllegalStateException("cannot bear " + password.reveal());
        }
        configured(settings);
    }
}
