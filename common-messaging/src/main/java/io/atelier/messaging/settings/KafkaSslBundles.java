package io.atelier.messaging.settings;

import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.ssl.PropertiesSslBundle;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Replaces {@code spring.kafka.ssl.bundle} (and that of {@code consumer}, {@code producer}, {@code admin}, {@code streams}) by the certificates
 * and the key of the bundle, as PEM in the settings of Kafka's clients: the binders of Spring Cloud Stream know no bundles. Files are read once, at
 * the start. Registered in {@code spring.factories}.
 */
final class KafkaSslBundles implements ApplicationContextInitializer<ConfigurableApplicationContext>, Ordered {

    private static final List<String> SCOPES = List.of("", ".consumer", ".producer", ".admin", ".streams");
    private static final List<String> STORES = List.of(
            "key-store-location",
            "key-store-key",
            "key-store-certificate-chain",
            "trust-store-location",
            "trust-store-certificates");
    private static final Base64.Encoder BASE64 = Base64.getMimeEncoder(64, new byte[] {'\n'});

    @Override
    public void initialize(ConfigurableApplicationContext context) {
        replaceBundles(context.getEnvironment());
    }

    static void replaceBundles(ConfigurableEnvironment environment) {
        var settings = new HashMap<String, Object>();
        for (var scope : SCOPES) {
            var prefix = "spring.kafka" + scope;
            var name = environment.getProperty(prefix + ".ssl.bundle", "");
            if (!name.isBlank()) {
                refuseBoth(environment, prefix);
                settings.putAll(settings(environment, prefix, name));
            }
        }
        if (!settings.isEmpty()) {
            environment.getPropertySources().addFirst(new MapPropertySource("kafkaSslBundles", settings));
        }
    }

    /** After the settings that standalone gives its parts, which an initializer adds too. */
    @Override
    public int getOrder() {
        return Ordered.LOWEST_PRECEDENCE;
    }

    private static void refuseBoth(ConfigurableEnvironment environment, String prefix) {
        for (var store : STORES) {
            var key = prefix + ".ssl." + store;
            if (!environment.getProperty(key, "").isBlank()) {
                var names = new SettingNames(environment);
                throw new SettingRefused(
                        "%s and %s are both set; a bundle replaces all other certificates and keys. Remove one of them."
                                .formatted(bundle(names, prefix), names.of(ConfigurationPropertyName.of(key))));
            }
        }
    }

    private static Map<String, Object> settings(ConfigurableEnvironment environment, String prefix, String name) {
        var names = new SettingNames(environment);
        try {
            var bundle = find(environment, name)
                    .orElseThrow(() -> new SettingRefused(
                            "%s is '%s'; it must be the name of a bundle below spring.ssl.bundle.pem or spring.ssl.bundle.jks."
                                    .formatted(bundle(names, prefix), name)));
            return settings(prefix, bundle);
        } catch (SettingRefused e) {
            throw e;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new SettingRefused(
                    "%s is '%s'; that bundle cannot be used: %s"
                            .formatted(bundle(names, prefix), name, String.valueOf(e.getMessage())),
                    e);
        }
    }

    private static String bundle(SettingNames names, String prefix) {
        return names.of(ConfigurationPropertyName.of(prefix + ".ssl.bundle"));
    }

    private static Optional<SslBundle> find(ConfigurableEnvironment environment, String name) {
        var bundles = Binder.get(environment)
                .bindOrCreate("spring.ssl", SslProperties.class)
                .getBundle();
        var pem = bundles.getPem().get(name);
        var jks = bundles.getJks().get(name);
        return pem != null
                ? Optional.of(PropertiesSslBundle.get(pem))
                : Optional.ofNullable(jks).map(PropertiesSslBundle::get);
    }

    private static Map<String, Object> settings(String prefix, SslBundle bundle) throws GeneralSecurityException {
        var settings = new HashMap<String, Object>();
        settings.put(prefix + ".ssl.bundle", "");
        settings.put(prefix + ".ssl.protocol", bundle.getProtocol());
        var trust = bundle.getStores().getTrustStore();
        if (trust != null) {
            settings.put(prefix + ".ssl.trust-store-type", "PEM");
            settings.put(prefix + ".ssl.trust-store-certificates", certificates(trust));
        }
        var keys = bundle.getStores().getKeyStore();
        if (keys != null) {
            var alias = alias(keys, bundle.getKey().getAlias());
            settings.put(prefix + ".ssl.key-store-type", "PEM");
            settings.put(prefix + ".ssl.key-store-key", key(keys, alias, bundle));
            settings.put(prefix + ".ssl.key-store-certificate-chain", pem(keys.getCertificateChain(alias)));
        }
        put(
                settings,
                prefix + ".properties[ssl.cipher.suites]",
                bundle.getOptions().getCiphers());
        put(
                settings,
                prefix + ".properties[ssl.enabled.protocols]",
                bundle.getOptions().getEnabledProtocols());
        return settings;
    }

    private static void put(Map<String, Object> settings, String key, String @Nullable [] values) {
        if (values != null) {
            settings.put(key, String.join(",", values));
        }
    }

    private static String certificates(KeyStore store) throws GeneralSecurityException {
        var all = new ArrayList<Certificate>();
        for (var alias : Collections.list(store.aliases())) {
            if (store.isCertificateEntry(alias)) {
                all.add(store.getCertificate(alias));
            }
        }
        if (all.isEmpty()) {
            throw new KeyStoreException("its trust store has no certificate.");
        }
        return pem(all.toArray(Certificate[]::new));
    }

    private static String alias(KeyStore store, @Nullable String chosen) throws KeyStoreException {
        var keys = new ArrayList<String>();
        for (var alias : Collections.list(store.aliases())) {
            if (store.isKeyEntry(alias) && (chosen == null || chosen.equalsIgnoreCase(alias))) {
                keys.add(alias);
            }
        }
        if (keys.size() != 1) {
            throw new KeyStoreException(
                    chosen == null
                            ? "its key store has %d keys; name one of them by key.alias.".formatted(keys.size())
                            : "its key store has no key '%s', which key.alias names.".formatted(chosen));
        }
        return keys.get(0);
    }

    private static String key(KeyStore store, String alias, SslBundle bundle) throws GeneralSecurityException {
        var password = Optional.ofNullable(bundle.getKey().getPassword())
                .or(() -> Optional.ofNullable(bundle.getStores().getKeyStorePassword()));
        Key key = store.getKey(alias, password.map(String::toCharArray).orElse(null));
        var encoded = key.getEncoded();
        if (encoded == null) {
            throw new KeyStoreException("its key cannot be exported, as keys in hardware cannot.");
        }
        return pem("PRIVATE KEY", encoded);
    }

    private static String pem(Certificate... certificates) throws GeneralSecurityException {
        var text = new StringBuilder();
        for (var certificate : certificates) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }

    private static String pem(String kind, byte[] content) {
        return "-----BEGIN %s-----%n%s%n-----END %s-----%n".formatted(kind, BASE64.encodeToString(content), kind);
    }
}
