package io.atelier.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTests {

    private static final AllowedHosts LOOPBACK = new AllowedHosts(true, List.of());

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:8080",
                "127.0.0.2",
                "localhost",
                "LocalHost:8080",
                "localhost.",
                "[::1]",
                "[::1]:8080",
                "[0:0:0:0:0:0:0:1]:8080",
                "localhost:"
            })
    void aLoopbackListenerAcceptsItsOwnNames(String host) throws UnknownHostException {
        assertThat(LOOPBACK.accept(List.of(host), local("127.0.0.1"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:8080",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil.localhost.example",
                "xlocalhost",
                "0.0.0.0:8080",
                "10.0.0.1",
                "192.168.1.5:8080",
                "[::]",
                "[fe80::1]",
                "2130706433",
                "0177.0.0.1",
                "127.1",
                "",
                ":8080",
                "localhost:80x",
                "localhost, evil.example",
                "localhost@evil.example",
                "evil.example\\localhost"
            })
    void aLoopbackListenerAcceptsNoOtherName(String host) throws UnknownHostException {
        assertThat(LOOPBACK.accept(List.of(host), local("127.0.0.1"))).isFalse();
    }

    @Test
    void twoHostsAreNeverAccepted() throws UnknownHostException {
        var two = List.of("localhost", "localhost");

        assertThat(LOOPBACK.accept(two, local("127.0.0.1"))).isFalse();
        assertThat(new AllowedHosts(false, List.of()).accept(two, null)).isFalse();
    }

    @Test
    void aClientWithoutAHostIsNoBrowser() {
        assertThat(LOOPBACK.accept(List.of(), null)).isTrue();
    }

    @Test
    void anyNameIsAcceptedByAnotherListenerUnlessSomeAreNamed() throws UnknownHostException {
        var open = new AllowedHosts(false, List.of());
        var named = new AllowedHosts(false, List.of("images.example.org"));

        assertThat(open.accept(List.of("gateway.svc.cluster.local"), local("10.1.2.3")))
                .isTrue();
        assertThat(named.accept(List.of("gateway.svc.cluster.local"), local("10.1.2.3")))
                .isFalse();
        assertThat(named.accept(List.of("images.example.org"), local("10.1.2.3")))
                .isTrue();
    }

    /** A kubelet names the address of the pod, the health check of a container localhost. */
    @Test
    void probesAreAcceptedAlsoIfNamesAreSet() throws UnknownHostException {
        var named = new AllowedHosts(false, List.of("images.example.org"));

        assertThat(named.accept(List.of("10.1.2.3:8080"), local("10.1.2.3"))).isTrue();
        assertThat(named.accept(List.of("[fd00::2]:8080"), local("fd00::2"))).isTrue();
        assertThat(named.accept(List.of("localhost"), local("127.0.0.1"))).isTrue();
        assertThat(named.accept(List.of("10.1.2.4:8080"), local("10.1.2.3"))).isFalse();
    }

    @Test
    void namesMayBePatterns() {
        var below = new AllowedHosts(true, List.of("*.example.org"));

        assertThat(below.accept(List.of("a.example.org"), null)).isTrue();
        assertThat(below.accept(List.of("a.b.example.org:443"), null)).isTrue();
        assertThat(below.accept(List.of("example.org"), null)).isFalse();
        assertThat(below.accept(List.of("badexample.org"), null)).isFalse();
        assertThat(new AllowedHosts(true, List.of("*")).accept(List.of("evil.example"), null))
                .isTrue();
    }

    private static InetAddress local(String address) throws UnknownHostException {
        return InetAddress.getByName(address);
    }
}
