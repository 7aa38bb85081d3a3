/** A simulation of particles: small classes, methods, accessors. */
class Vector {
  constructor(x, y) {
    this.x = x;
    this.y = y;
  }

  add(other) {
    return new Vector(this.x + other.x, this.y + other.y);
  }

  scale(factor) {
    return new Vector(this.x * factor, this.y * factor);
  }

  get square() {
    return this.x * this.x + this.y * this.y;
  }
}

class Particle {
  constructor(place, speed) {
    this.place = place;
    this.speed = speed;
    this.age = 0;
  }

  step(time) {
    const way = this.speed.scale(time);
    this.place = this.place.add(way);
    this.age++;
  }
}

class Bouncing extends Particle {
  step(time) {
    super.step(time);
    if (this.place.square > 100) {
      this.speed = this.speed.scale(-1);
    }
  }
}

class World {
  constructor(size) {
    this.particles = [];
    for (let i = 0; i < size; i++) {
      const speed = new Vector((i % 5) - 2, (i % 7) - 3);
      const place = new Vector(i % 10, i % 9);
      this.particles.push(i % 2 === 0 ? new Bouncing(place, speed) : new Particle(place, speed));
    }
  }

  step(time) {
    for (const particle of this.particles) {
      particle.step(time);
    }
  }

  energy() {
    let sum = 0;
    for (const particle of this.particles) {
      sum += particle.speed.square;
    }
    return sum;
  }
}

export function run(scale) {
  const world = new World(1000);
  let sum = 0;
  for (let round = 0; round < 5000 * scale; round++) {
    world.step(0.1);
    sum += world.energy();
  }
  return sum;
}
