using ExecutionPipeline.Training.Networks;

namespace ExecutionPipeline.Training.Tests;

public sealed class AdamOptimizerTests
{
    // With bias correction the first step is the rate itself, whatever the gradient's size.
    [TestCase(1e-3f)]
    [TestCase(-7f)]
    [TestCase(1e4f)]
    public void ShouldMoveByTheRateWhenItIsTheFirstStep(float gradient)
    {
        var parameter = new Parameter("p", 1);
        parameter.Gradient[0] = gradient;

        new AdamOptimizer([parameter]).Step(0.1f);

        Assert.That(parameter.Values[0], Is.EqualTo(-0.1f * MathF.Sign(gradient)).Within(1e-5f));
        Assert.That(parameter.Gradient[0], Is.Zero);
    }

    [Test]
    public void ShouldEqualAlgorithmInDoublePrecisionWhenStepsFollow()
    {
        double value = 0, mean = 0, square = 0;
        var parameter = new Parameter("p", 1);
        var optimizer = new AdamOptimizer([parameter]);
        for (var step = 1; step <= 100; step++)
        {
            var gradient = Math.Sin(step);
            mean = 0.9 * mean + 0.1 * gradient;
            square = 0.999 * square + 0.001 * gradient * gradient;
            var correctedSquare = square / (1 - Math.Pow(0.999, step));
            value -= 0.01 * mean / (1 - Math.Pow(0.9, step)) / (Math.Sqrt(correctedSquare) + 1e-8);

            parameter.Gradient[0] = (float)gradient;
            optimizer.Step(0.01f);
            Assert.That(parameter.Values[0], Is.EqualTo(value).Within(1e-5));
        }
    }

    [Test]
    public void ShouldReachMinimumWhenLossIsABowl()
    {
        var parameter = new Parameter("p", 2);
        var optimizer = new AdamOptimizer([parameter]);
        for (var step = 0; step < 2000; step++)
        {
            parameter.Gradient[0] = 2f * (parameter.Values[0] - 3f);
            parameter.Gradient[1] = 20f * (parameter.Values[1] + 1f);
            optimizer.Step(0.02f);
        }

        Assert.That(parameter.Values, Is.EqualTo(new[] { 3f, -1f }).Within(1e-2f));
    }
}
