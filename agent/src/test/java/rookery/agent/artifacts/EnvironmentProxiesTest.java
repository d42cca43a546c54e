package rookery.agent.artifacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class EnvironmentProxiesTest {
    private final SortedMap<String, String> environment = new TreeMap<>();

    private Proxy of(String uri) {
        return new EnvironmentProxies(environment).select(URI.create(uri)).getFirst();
    }

    private static Proxy at(String host, int port) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(host, port));
    }

    @Test
    void eachSchemeHasItsOwnProxyAndSmallLettersComeFirst() {
        environment.put("http_proxy", "plain.example:3128");
        environment.put("https_proxy", "http://small.example:3129/");
        environment.put("HTTPS_PROXY", "http://large.example:3130");
        assertThat(of("http://a.example/x")).isEqualTo(at("plain.example", 3128));
        assertThat(of("https://a.example/x")).isEqualTo(at("small.example", 3129));
    }

    @Test
    void whatNoProxyNamesAndThisMachineAreReachedDirectly() {
        environment.put("HTTPS_PROXY", "http://proxy.example:3128");
        environment.put("NO_PROXY", "inside.example, .lan,*.corp.example,one.example:8443");
        for (String host :
                new String[] {
                    "inside.example", "a.inside.example", "b.lan", "c.corp.example",
                    "one.example:8443", "localhost", "127.0.0.1", "[::1]"
                }) assertThat(of("https://" + host + "/x")).isEqualTo(Proxy.NO_PROXY);
        for (String host : new String[] {"outside.example", "notinside.example", "one.example"})
            assertThat(of("https://" + host + "/x")).isEqualTo(at("proxy.example", 3128));
        environment.put("no_proxy", "*");
        assertThat(of("https://outside.example/x")).isEqualTo(Proxy.NO_PROXY);
    }

    @Test
    void aProxyThatCannotBeUnderstoodIsPassedOver() {
        for (String odd :
                new String[] {"http://user:secret@proxy.example:1", "socks5://p:1", "p:99999"}) {
            environment.put("http_proxy", odd);
            assertThat(of("http://a.example/x")).isEqualTo(Proxy.NO_PROXY);
        }
    }
}
