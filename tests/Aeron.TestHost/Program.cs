using System.Globalization;
using ExecutionPipeline.Aeron.TestHost;

// One role of a test in a process of its own: role directory [channel stream count length
// progress]. Every role writes READY when it is at work, and ends when its work is done or its standard input
// closes, so that none outlives its test.
var role = args[0];
var options = new HostOptions(
    args[1],
    args.ElementAtOrDefault(2) ?? "aeron:ipc",
    Number(3, 1001),
    Number(4, 0),
    Number(5, 64),
    args.ElementAtOrDefault(6) ?? "");

return role switch
{
    "driver" => DriverRole.Run(options),
    "publish" => PublishRole.Run(options, isExclusive: false),
    "publish-exclusive" => PublishRole.Run(options, isExclusive: true),
    "subscribe" => SubscribeRole.Run(options),
    "echo" => EchoRole.Run(options),
    "hold" => HoldRole.Run(options, isClaiming: false),
    "chaos-publish" => ChaosRole.Publish(options, isExclusive: false),
    "chaos-publish-exclusive" => ChaosRole.Publish(options, isExclusive: true),
    "chaos-subscribe" => ChaosRole.Subscribe(options),
    "claim" => HoldRole.Run(options, isClaiming: true),
    _ => throw new ArgumentException($"unknown role: {role}"),
};

int Number(int index, int otherwise) =>
    index < args.Length ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;
