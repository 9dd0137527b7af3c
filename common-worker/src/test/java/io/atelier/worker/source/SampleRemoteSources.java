package io.atelier.worker.source;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** Settings for images at addresses, and addresses that must not be fetched, for tests. */
public final class SampleRemoteSources {

    /** Spellings of hosts in private networks, or of none that is public. */
    public static final List<String> PRIVATE_HOSTS = List.of(
            "127.0.0.1",
            "127.1.2.3",
            "127.1",
            "2130706433",
            "0x7f000001",
            "0x7f.1",
            "017700000001",
            "0",
            "0.0.0.0",
            "localhost",
            "LOCALHOST",
            "localhost.",
            "127.0.0.1.",
            "①②⑦.⓪.⓪.①",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "[::1]",
            "[::]",
            "[::ffff:127.0.0.1]",
            "[::ffff:7f00:1]",
            "[::127.0.0.1]",
            "[0:0:0:0:0:ffff:a00:1]",
            "[fe80::1]",
            "[fc00::1]",
            "[fd00:ec2::254]",
            "[fec0::1]",
            "[ff02::1]",
            "[64:ff9b::7f00:1]",
            "[100::1]",
            "[2001::1]",
            "[2001:db8::1]",
            "[2002:7f00:1::]");

    private SampleRemoteSources() {}

    /** Keys such as {@code limits.max-response} and their values, alternating; others have their defaults, but for a retry interval of 10 ms. */
    public static RemoteSourceProperties settings(String... namesAndValues) {
        Map<String, Object> values = new HashMap<>(Map.of("test.retry.base-interval", "10ms"));
        for (int i = 0; i < namesAndValues.length; i += 2) {
            values.put("test." + namesAndValues[i], namesAndValues[i + 1]);
        }
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate("test", RemoteSourceProperties.class);
    }
}
