using System.Net;
using System.Text;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Control.Tests;

/// <summary>The control plane's part of the configuration.</summary>
public sealed class ControlOptionsTests
{
    [Test]
    public void ShouldTakeWhatTheConfigurationSays()
    {
        var options = Of("""
            host: { aeron_directory: /dev/shm/there }
            streams: { command_stream: 1503 }
            control:
              address: "::1"
              port: 9002
              metrics_port: 9003
              key_file: /tmp/keys.json
              answer_timeout_ms: 1500
              kept_events: 64
              kept_records: 32
              tls:
                certificate: /tmp/c.pem
                key: /tmp/k.pem
                client_authorities: /tmp/a.pem
                clients: [ { subject: "CN=desk, O=Firm", role: trader } ]
              tokens: { issuer: firm, audience: xp, key_file: /tmp/jwks.json }
            """);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(options.AeronDirectory, Is.EqualTo("/dev/shm/there"));
            Assert.That(options.Streams.CommandStream, Is.EqualTo(1503));
            Assert.That(options.Address, Is.EqualTo(IPAddress.IPv6Loopback));
            Assert.That((options.Port, options.MetricsPort), Is.EqualTo((9002, 9003)));
            Assert.That(options.KeyFile, Is.EqualTo("/tmp/keys.json"));
            Assert.That(options.AnswerTimeout, Is.EqualTo(TimeSpan.FromSeconds(1.5)));
            Assert.That((options.KeptEvents, options.KeptRecords), Is.EqualTo((64, 32)));
            Assert.That(options.Tls.Certificate, Is.EqualTo("/tmp/c.pem"));
            Assert.That(options.Tls.Clients.Single().Role, Is.EqualTo(Role.Trader));
            Assert.That(options.Tokens.KeyFile, Is.EqualTo("/tmp/jwks.json"));
        }
    }

    [Test]
    public void ShouldFitIntoOneArrayWhenAsManyEventsAsPossibleAreKept()
    {
        var most = KeyRange.Of("control.kept_events")!.Most;

        Assert.That(most * EventLog.SlotBytes, Is.LessThanOrEqualTo(Array.MaxLength));
    }

    [TestCase("control: { address: everywhere }", "set address to an IP address")]
    [TestCase("control: { port: 9092 }", "set metrics_port to another port")]
    [TestCase("control: { kept_events: 1 }", "control.kept_events is 1: it must be 16 to")]
    [TestCase("control: { prot: 1 }", "there is no key control.prot; did you mean 'port'?")]
    [TestCase("control: { address: 0.0.0.0 }", "set tls.certificate and tls.key, without which 0.0.0.0")]
    [TestCase("control: { tls: { certificate: c.pem } }", "control.tls: set certificate and key, or neither")]
    [TestCase("control: { tls: { client_authorities: ca.pem } }", "set certificate and key where client_authorities")]
    [TestCase(
        "control: { tls: { certificate: c, key: k, clients: [ { subject: CN=desk } ] } }", "set client_authorities")]
    [TestCase(
        "control: { tls: { certificate: c, key: k, client_authorities: a, clients: [ { subject: desk } ] } }",
        "set subject to a distinguished name such as CN=desk: it is 'desk'")]
    [TestCase(
        "control: { tls: { certificate: c, key: k, client_authorities: a, clients: [ { subject: CN=d, role: x } ] } }",
        "control.tls.clients[0].role")]
    [TestCase("control: { tokens: { issuer: firm } }", "set issuer, audience and key_file, or none of them")]
    public void ShouldRefuseWhatCannotBeListenedOn(string yaml, string expected) => Assert.That(
        () => Of(yaml), Throws.TypeOf<InvalidDataException>().With.Message.Contains(expected));

    private static ControlOptions Of(string yaml) =>
        ControlOptions.Of(PipelineConfiguration.Parse(Encoding.UTF8.GetBytes(yaml)));
}
